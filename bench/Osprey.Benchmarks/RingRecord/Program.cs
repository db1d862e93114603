using System.Diagnostics;
using System.Globalization;
using Osprey.Guests;
using Osprey.Guests.Tracepoints;
using Osprey.Session.Traces.Rings;
using Osprey.Session.Traces.Rings.Recording;
using Osprey.Symbols;
using Osprey.Traces.Formats.Osvt.Recordings;

// Records what tests/Osprey.Tests/Traces/Rings/Programs/ringwriter.c writes, live out of its memory:
//   gcc -O2 -pthread -o ringwriter tests/Osprey.Tests/Traces/Rings/Programs/ringwriter.c
//   RingRecord ./ringwriter THREADS RINGSIZE same|mixed SAMPLES RATE OUTPUT
// SAMPLES and RATE are of each thread; rate 0 is as fast as it can.
if (args.Length != 7)
{
    Console.Error.WriteLine("usage: RingRecord RINGWRITER THREADS RINGSIZE same|mixed SAMPLES RATE OUTPUT");
    return 2;
}

using Process writer = Process.Start(
    new ProcessStartInfo(args[0], args[1..4]) { RedirectStandardInput = true, RedirectStandardOutput = true }
)!;
var tracepoints = new List<GuestTracepoint>();
var found = new List<GuestTraceRing>();
while (writer.StandardOutput.ReadLine() is { } line && line != "done")
{
    string[] words = line.Split(' ');
    if (words[0] == "tracepoint")
        tracepoints.Add(new GuestTracepoint(words[2], Convert.ToUInt64(words[1], 16), "", words[3], true, true, true));
    else
        found.Add(
            new GuestTraceRing(
                int.Parse(words[1], CultureInfo.InvariantCulture),
                Convert.ToUInt64(words[2], 16),
                int.Parse(words[3], CultureInfo.InvariantCulture),
                16,
                Convert.ToUInt64(words[4], 16),
                ulong.Parse(words[5], CultureInfo.InvariantCulture)
            )
        );
}

using var memory = File.OpenHandle($"/proc/{writer.Id}/mem");
var rings = new GuestRings(
    () =>
        new GuestTraceRings(
            new GuestList<GuestTraceRing>(found, []),
            new GuestList<GuestTracepoint>(tracepoints, []),
            4096,
            10
        ),
    (address, buffer) => RandomAccess.Read(memory, buffer, (long)address),
    startsAtNewest: false
);
using var symbols = new Symbolizer();
var recorder = new TraceRecorder(
    rings,
    () => new RecordingFacts("ringwriter", "benchmark", "", "record", rings.CpuCount),
    () => [],
    symbols
);
using var end = new CancellationTokenSource();
writer.StandardInput.WriteLine($"write {args[4]} {args[5]}");
writer.StandardInput.Flush();
var waiting = Task.Run(() =>
{
    writer.StandardOutput.ReadLine();
    end.Cancel();
});
TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
RecordingResult result = recorder.Run(new RecordingRequest(args[6]), null, end.Token);
TimeSpan used = Process.GetCurrentProcess().TotalProcessorTime - before;
waiting.GetAwaiter().GetResult();
writer.StandardInput.Close();
writer.WaitForExit();
RecordingState state = result.State;
Console.WriteLine(
    string.Create(
        CultureInfo.InvariantCulture,
        $"{state.Samples} samples in {state.Elapsed.TotalSeconds:F2} s: "
            + $"{state.Samples / state.Elapsed.TotalSeconds:F0} a second; "
            + $"{state.LostSamples} lost ({state.LostBytes} bytes); processor {used.TotalSeconds:F2} s: "
            + $"{state.Samples / used.TotalSeconds:F0} samples a second of it; {state.Bytes >> 20} MiB"
    )
);
return 0;
