"""What has happened, and who hears of it: the log, its readers, and live streams."""
