"""A demonstration county made of numbers alone: the same size and seed give the same files, byte for byte."""
