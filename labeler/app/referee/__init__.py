"""The component with which disputes are settled, by keyboard alone."""
