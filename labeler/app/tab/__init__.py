"""What belongs to one tab of a browser, whatever page is in front."""
