"""How alike two texts are: pure functions from text to shingles and figures."""
