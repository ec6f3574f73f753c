"""The five calls of the README with the client that openapi-python-client makes of the OpenAPI document.

python five_calls.py http://localhost:8000
"""

import json
import sys

from tracker_client import Client
from tracker_client.api.changes import list_changes
from tracker_client.api.layouts import list_layouts
from tracker_client.api.parks import list_parks
from tracker_client.api.timeline import list_timeline
from tracker_client.api.zones import list_zones
from tracker_client.models import ChangesPage, EventPage, LayoutPage, MeasureChoice, ParkPage, ZonePage

client = Client(sys.argv[1], raise_on_unexpected_status=True)
programme = "national-ai-innovation-application-pilot-zone"

zones = list_zones.sync(client=client, programme=[programme], as_of="2020-12-31", count=True)
assert isinstance(zones, ZonePage)  # it is a Problem where something is wrong with what was asked

events = list_timeline.sync(client=client, place=["320100"], ordering="date")
assert isinstance(events, EventPage)

layouts = list_layouts.sync(client=client, subject=["320100"], as_of="2018-06-01")
assert isinstance(layouts, LayoutPage)

parks = list_parks.sync(client=client, place=["440300"], measure=[MeasureChoice.SITE], min_area=10_000_000)
assert isinstance(parks, ParkPage)

changes = list_changes.sync(client=client, after=0, include="document", page_size=5)
assert isinstance(changes, ChangesPage)

found = {
    "zones": [zone.key for zone in zones.results],
    "timeline": [event.id for event in events.results],
    "layouts": [layout.pattern for layout in layouts.results],
    "parks": [park.key for park in parks.results],
    "changes": [change.seq for change in changes.results],
}
sys.stdout.write(json.dumps(found))
