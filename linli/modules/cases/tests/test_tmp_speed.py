import time, cProfile, pstats
from datetime import timedelta
from django.test import Client
from django.db import connection
from django.test.utils import CaptureQueriesContext
from linli.modules.cases.tests.conftest import Story
from linli.modules.cases.models import Case
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.kernel.ids import new_id

def test_speed(cast, story):
    one = story.dispatched()
    with acting(Actor.system()):
        one.refresh_from_db()
        rows=[]
        for n in range(300):
            c = Case.objects.get(pk=one.pk); c.pk=new_id(); c.number=f"{n:012d}"; c.submission=None
            c.reported_at = one.reported_at + timedelta(minutes=n)
            c._state.adding=True
            rows.append(c)
        Case.objects.bulk_create(rows)
    client = Client(headers={"accept-language": "zh"})
    client.force_login(cast.clerk, backend="linli.platform.access.login.NameOrPhoneBackend")
    for _ in range(3): r=client.get("/desk/cases/")
    assert r.status_code==200, r.content
    t=time.process_time(); w=time.perf_counter()
    for _ in range(20): client.get("/desk/cases/")
    print("CPU ms", (time.process_time()-t)/20*1000, "wall", (time.perf_counter()-w)/20*1000, len(r.content))
    with CaptureQueriesContext(connection) as q: client.get("/desk/cases/")
    for x in q: print(x["time"], x["sql"][:260])
    p=cProfile.Profile(); p.enable()
    for _ in range(20): client.get("/desk/cases/")
    p.disable(); pstats.Stats(p).sort_stats("cumtime").print_stats(70)
