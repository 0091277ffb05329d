"""Officers and coordinators: sign-in and roles."""
