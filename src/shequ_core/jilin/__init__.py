"""Jilin Province (吉林省, 22): its register of clauses, its values with their leeway, its division codes."""
