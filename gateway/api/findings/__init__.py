"""What watch terms found, and what people made of it."""
