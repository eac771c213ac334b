"""The entry script: who is here, which pages there are, the frame around each."""

from crm.ui import frame

frame.show()
