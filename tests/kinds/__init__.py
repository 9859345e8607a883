"""A second kind of recording, made for the tests: nothing outside its folder knows it."""
