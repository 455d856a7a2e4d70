"""What is stored, and what holds whoever asks: tables, constraints, hot statements. Knows no other folder."""
