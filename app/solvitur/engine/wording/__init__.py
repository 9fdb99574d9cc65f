"""Words back: models and answers as plain sentences, from templates, without a language model."""
