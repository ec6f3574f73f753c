"""Forms over payloads: read off a kind's declaration, drawn row by row, turned back into a payload.

No ModelForm and no shadow rows: what is edited is the payload of a proposal.
"""
