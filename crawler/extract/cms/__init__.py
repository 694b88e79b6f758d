"""What is known of the content management systems that the sites run: one table row a family."""
