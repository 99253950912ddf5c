"""Starts, watches, stops and saves the whole service. Nothing of the product imports it."""
