"""What was observed: tables of rows with their source, the project's and the user's."""
