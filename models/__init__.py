"""What is stored, and what holds whoever asks: tables, constraints, hot statements. Knows nothing of the other folders."""
