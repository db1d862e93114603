using System.Text;
using Osprey.Debug.Calls;
using Osprey.Session.Traces;
using Osprey.Traces.Formats.Tracefile;
using Osprey.Traces.Model;

namespace Osprey.Cli.Commands.Guest.Debugging;

/// <summary>
/// A tracefile of traced calls: each function is a tracepoint with its arguments, its returns another one with the
/// result, as the kernel's own tracepoints are paired.
/// </summary>
internal sealed class CallFile : IDisposable
{
    private readonly ReplacedFile _file;
    private readonly TracefileSampleWriter _samples;
    private readonly SampleBatch _batch;
    private readonly PayloadBuilder _payload = new();
    private readonly List<(Tracepoint Call, Tracepoint Return)> _tracepoints = [];
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

        _batch.Clear();
        _batch.Add(
            new SampleFields
            {
                Tracepoint = tracepoint,
                Thread = call.Thread.State?.Address ?? (ulong)call.Thread.Number,
                ThreadName = Encoding.UTF8.GetBytes(call.Thread.Name),
                Time = _start + (ulong)call.Time.Ticks * 100,
                Cpu = (uint)call.Cpu,
                Backtrace = [call.ReturnAddress],
                Payload = _payload.Finish(),
            }
        );
        _samples.Write(_batch[0]);
    }

    /// <summary>Puts the file in its place.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Complete()
    {
        _samples.Flush();
        _file.Finish();
    }

    public void Dispose() => _file.Dispose();

    private static Tracepoint Add(TracepointTable table, ulong key, string name, string signature, string format) =>
        table.Add(key, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(format));
}
