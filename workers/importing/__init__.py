"""Import recordings of an existing Guacamole installation."""
