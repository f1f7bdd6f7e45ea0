"""What every floor shares: values, periods, calendars, texts, issues. Standard library only."""
