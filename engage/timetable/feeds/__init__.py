"""The timetable for programs: calendars, news and data of any view, always of public entries only."""
