using Osprey.Samples;
using Osprey.Tracing;
using Osprey.Tracing.AspNetCore;

// A service that answers GET /orders/NUMBER, and shows what tracing sees of it:
//   OSPREY_TRACE='order*' OSPREY_TRACE_BACKTRACE=1 dotnet run --project samples/dotnet-service -- \
//       --urls http://localhost:8000
//   curl http://localhost:8000/orders/7
//   osprey trace download --convert && osprey trace summary --timed && osprey trace prof-timed -t order_find
// With --sources, and OSPREY_TRACE='*', also the service's spans, measurements and runtime; with --strace, records as
// lines; with OSPREY_TRACE_ASYNC=1, who awaits FindLaterAsync (GET /later/NUMBER); with OSPREY_TRACE_SAMPLER=1000, the
// stacks of the threads that run.
WebApplication app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/orders/{number:int}", (int number) => OrderStore.Find(number) ?? $"no order {number}");
app.MapGet("/later/{number:int}", OrderStore.FindLaterAsync);
app.MapOspreyTracing();
if (args.Contains("--sources"))
{
    // What the service has already: a span for each request, measurements, garbage collections, the thread pool.
    TraceSources.AddActivitySource("*");
    TraceSources.AddMeter("Microsoft.AspNetCore.Hosting");
    TraceSources.AddRuntime();
}

if (args.Contains("--strace"))
    Strace.ToConsole();
app.Run();
