"""The doctor: looks at everything that Atrium stands on, changes nothing, and says how to mend what is wrong."""
