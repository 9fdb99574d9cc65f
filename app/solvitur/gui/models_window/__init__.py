"""The window where a language model is chosen, reached, paid for and turned on."""
