"""The chart of the timeline page: steps, window and marks are pure, gathering asks the database, drawing writes SVG."""
