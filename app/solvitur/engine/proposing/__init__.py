"""Changes that are offered before they are made: what a draft or a wish would change, item by item."""
