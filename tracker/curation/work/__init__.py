"""What needs an editor: tasks, each with a cause that is looked for, and closed by itself when the cause is gone."""
