using System.Text;
using Osprey.Debug.Calls;
using Osprey.Session.Traces;
using Osprey.Symbols;
using Osprey.Symbols.Sources;
using Osprey.Traces.Formats.Tracefile;
using Osprey.Traces.Model;

namespace Osprey.Cli.Commands.Guest.Debugging;

/// <summary>
/// A tracefile of traced calls: each function is a tracepoint with its arguments, its returns another one with the
/// result, as the kernel's own tracepoints are paired. The names of the callers are in a file beside it.
/// </summary>
/// <remarks>
/// A last event tells when tracing ended: a call that had not returned by then lasted at least until there, which the
/// events before do not show.
/// </remarks>
internal sealed class CallFile : IDisposable
{
    private const string EndName = "trace_calls_end";

    private readonly ReplacedFile _file;
    private readonly TracefileSampleWriter _samples;
    private readonly SampleBatch _batch;
    private readonly PayloadBuilder _payload = new();
    private readonly List<(Tracepoint Call, Tracepoint Return)> _tracepoints = [];
    private readonly Tracepoint _end;
    private readonly HashSet<ulong> _callers = [];
    private readonly string _path;
    private long _calls;
    private long _returns;
    private readonly ulong _start = (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    private CallFile(string path, CallTracer tracer)
    {
        var table = new TracepointTable();
        for (int i = 0; i < tracer.Functions.Count; i++)
        {
            string name = tracer.Functions[i].Name;
            int count = tracer.CountArguments(i);
            string format = string.Join(", ", Enumerable.Range(0, count).Select(at => $"arg{at}=0x%x"));
            Tracepoint call = Add(table, (ulong)(i * 2) + 1, name, new string('Q', count), format);
            Tracepoint back = Add(table, (ulong)(i * 2) + 2, name + "_ret", "Q", "0x%x");
            _tracepoints.Add((call, back));
        }

        ulong last = (ulong)(tracer.Functions.Count * 2) + 1;
        _end = Add(table, last, EndName, "QQ", "%d calls, %d returns");
        _path = path;
        _batch = new SampleBatch();
        _file = ReplacedFile.Create(path, inputs: []);
        _ = new TracefileWriter(_file.Stream, table.All);
        _samples = new TracefileSampleWriter(_file.Stream);
    }

    /// <summary>Begins a file.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public static CallFile Create(string path, CallTracer tracer) => new(path, tracer);

    /// <summary>Writes a call or a return.</summary>
    public void Write(TracedCall call)
    {
        (Tracepoint entry, Tracepoint back) = _tracepoints[call.FunctionIndex];
        Tracepoint tracepoint = call.IsReturn ? back : entry;
        _payload.Start(tracepoint.Layout!);
        for (int i = 0; i < tracepoint.Layout!.Fields.Length; i++)
            _payload.AddInteger(i < call.Values.Count ? unchecked((long)(call.Values[i].Bits ?? 0)) : 0);

        if (call.IsReturn)
            _returns++;
        else
            _calls++;

        if (call.ReturnAddress != 0)
            _callers.Add(call.ReturnAddress - 1);

        Write(
            new SampleFields
            {
                Tracepoint = tracepoint,
                Thread = call.Thread.State?.Address ?? (ulong)call.Thread.Number,
                ThreadName = Encoding.UTF8.GetBytes(call.Thread.Name),
                Time = ToTime(call.Time),
                Cpu = (uint)call.Cpu,
                Backtrace = [call.ReturnAddress],
                Payload = _payload.Finish(),
            }
        );
    }

    /// <summary>Writes the end of the trace and the callers' names, and puts the files in their places.</summary>
    /// <param name="end">The time since tracing began in which the guest ran.</param>
    /// <param name="names">Gives the callers' names.</param>
    /// <returns>The number of callers that have a name, and of all.</returns>
    /// <exception cref="IOException">They can't be written.</exception>
    public (int Named, int Callers) Complete(TimeSpan end, ISymbolSource names)
    {
        _payload.Start(_end.Layout!);
        _payload.AddInteger(_calls);
        _payload.AddInteger(_returns);
        Write(
            new SampleFields
            {
                Tracepoint = _end,
                ThreadName = "osprey"u8.ToArray(),
                Time = ToTime(end),
                Backtrace = [],
                Payload = _payload.Finish(),
            }
        );
        _samples.Flush();
        _file.Finish();

        using var symbols = ReplacedFile.Create(_path + ".symbols", inputs: []);
        int named = new SymbolsFileWriter(symbols.Stream).Write(names, _callers);
        symbols.Finish();
        return (named, _callers.Count);
    }

    public void Dispose() => _file.Dispose();

    private void Write(in SampleFields fields)
    {
        _batch.Clear();
        _batch.Add(fields);
        _samples.Write(_batch[0]);
    }

    private ulong ToTime(TimeSpan time) => _start + (ulong)time.Ticks * 100;

    private static Tracepoint Add(TracepointTable table, ulong key, string name, string signature, string format) =>
        table.Add(key, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(format));
}
