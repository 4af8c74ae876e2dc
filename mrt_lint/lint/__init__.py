"""The lint framework: rules, their registry, the engine, findings and what decides about them."""
