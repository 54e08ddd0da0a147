"""“Will I make it?”: what is still to find, what closes the gap, what planned activities would count, and by when."""
