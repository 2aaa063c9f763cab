"""What a decision tree says: integer thresholds, read from scikit-learn, run in NumPy."""
