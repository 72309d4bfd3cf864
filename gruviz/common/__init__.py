"""What any part may use: results that are kept, work that reports and can be ended, numbers in words."""
