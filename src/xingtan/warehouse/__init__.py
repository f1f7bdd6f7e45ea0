"""Snapshots of a place's data as Parquet, what their tables look like, and the engines that query them."""
