using System.Diagnostics;
using System.Globalization;
using Osprey.Rsp.Client;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Memory;

// Measures how fast memory can be read through a gdb stub:
//   StubRead ENDPOINT physical|virtual|pages|attach ADDRESS SIZE [FILE] [WINDOW]
// The same with gdb:
//   gdb -batch -ex 'target remote ENDPOINT' -ex 'dump binary memory FILE ADDRESS END'
if (args.Length < 4)
{
    Console.Error.WriteLine("usage: StubRead ENDPOINT physical|virtual|pages|attach ADDRESS SIZE [FILE] [WINDOW]");
    return 2;
}

ulong address = ulong.Parse(args[2].AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
byte[] buffer = new byte[int.Parse(args[3], CultureInfo.InvariantCulture)];
var options = new GdbOptions();
if (args.Length > 5)
    options = options with
    {
        Protocol = RspOptions.Default with { Window = int.Parse(args[5], CultureInfo.InvariantCulture) },
    };

long start = Stopwatch.GetTimestamp();
using GdbTarget target = GdbTarget.Connect(args[0], options);
double attach = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
start = Stopwatch.GetTimestamp();
int read = 0;
switch (args[1])
{
    case "physical":
        read = target.Memory.Read(new PhysicalAddress(address), buffer);
        break;
    case "virtual":
        read = target.GetVirtualMemory(0).Read(address, buffer);
        break;
    case "pages": // in an order in which reading ahead does not help
        int pages = buffer.Length / 4096;
        for (int i = 0; i < pages; i++)
        {
            int page = (int)((uint)i * 7919L % pages);
            read +=
                target.Memory.Read(new PhysicalAddress(address + ((ulong)page * 4096)), buffer.AsSpan(page * 4096, 8))
                * 512;
        }

        break;
    default:
        break;
}

double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
Console.WriteLine(
    $"attach {attach:0} ms; read {read} bytes in {seconds * 1000:0} ms, {read / seconds / (1 << 20):0.0} MiB/s; "
        + $"{string.Join("; ", target.Notes)}"
);
if (args.Length > 4 && args[4] != "-")
    File.WriteAllBytes(args[4], buffer.AsSpan(0, read));

return 0;
