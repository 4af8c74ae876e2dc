"""The cycle that each revision goes through, and the judgement."""
