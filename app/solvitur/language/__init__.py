"""The five-element modelling language: text, elements, checks, arrays, verification and formulas."""
