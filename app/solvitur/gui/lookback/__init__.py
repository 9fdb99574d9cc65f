"""The Look back place: runs, their pictures, values, checks, explanation, and comparison."""
