using Osprey.Samples;
using Osprey.Tracing;
using Osprey.Tracing.AspNetCore;

// A service that answers GET /orders/NUMBER, and shows what tracing sees of it:
//   OSPREY_TRACE='order*' OSPREY_TRACE_BACKTRACE=1 dotnet run --project samples/dotnet-service -- \
//       --urls http://localhost:8000
//   curl http://localhost:8000/orders/7
//   osprey trace download --convert && osprey trace summary --timed && osprey trace prof-timed -t order_find
WebApplication app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/orders/{number:int}", (int number) => OrderStore.Find(number) ?? $"no order {number}");
app.MapOspreyTracing();
if (args.Contains("--strace"))
    Strace.ToConsole();
app.Run();
