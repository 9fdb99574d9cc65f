"""What a problem and an answer are: plain values that every other room shares."""
