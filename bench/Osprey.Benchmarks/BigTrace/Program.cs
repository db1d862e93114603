// Makes a large tracefile out of a recorded one: the same samples again and again, each time later and on threads of
// their own, so that time stays ordered and every pair that matches in the recording matches in each repetition.
//
//   dotnet run -c Release --project bench/Osprey.Benchmarks/BigTrace -- IN OUT SAMPLES
using System.Buffers.Binary;
using System.Globalization;
using Osprey.Traces.Formats;
using Osprey.Traces.Formats.Tracefile;
using Osprey.Traces.Model;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: BigTrace IN OUT SAMPLES");
    return 2;
}

long wanted = long.Parse(args[2], CultureInfo.InvariantCulture);
using TraceReader reader = TraceFormats.Standard.Open(TraceInput.OpenFile(args[0]));
var samples = new List<byte[]>();
var batch = new SampleBatch();
ulong first = ulong.MaxValue;
ulong last = 0;
while (reader.Read(batch))
{
    for (int i = 0; i < batch.Count; i++)
    {
        using var bytes = new MemoryStream();
        var writer = new TracefileSampleWriter(bytes);
        writer.Write(batch[i]);
        writer.Flush();
        samples.Add(bytes.ToArray());
        first = Math.Min(first, batch[i].Time);
        last = Math.Max(last, batch[i].Time);
    }
}

using FileStream output = new(args[1], FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
_ = new TracefileWriter(output, reader.Tracepoints.All);
ulong step = last - first + 1000;
for (long written = 0; written < wanted; written++)
{
    (long repetition, long index) = Math.DivRem(written, samples.Count);
    byte[] sample = samples[(int)index];
    byte[] copy = [.. sample];
    Shift(copy.AsSpan(8), (ulong)repetition << 20); // thread
    Shift(copy.AsSpan(32), (ulong)repetition * step); // time
    output.Write(copy);
}

return 0;

static void Shift(Span<byte> field, ulong by) =>
    BinaryPrimitives.WriteUInt64LittleEndian(field, BinaryPrimitives.ReadUInt64LittleEndian(field) + by);
