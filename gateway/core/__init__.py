"""Pure rules and formats: no input or output, standard library only. Everything else may import it."""
