"""The quizzes of the lessons, one file a lesson: five questions, each with reasons."""
