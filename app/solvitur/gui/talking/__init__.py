"""The line at the bottom where one asks the model or says what is to change."""
