"""Indicators: formula → plan (one node a file) → Ibis → figures that know where they come from."""
