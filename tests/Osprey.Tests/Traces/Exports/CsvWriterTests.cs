using System.Text;
using Osprey.Tests.Packets;
using Osprey.Traces.Exports;

namespace Osprey.Tests.Traces.Exports;

public sealed class CsvWriterTests
{
    private static readonly string[][] s_records =
    [
        ["plain", "with space", "1,5"],
        ["say \"hi\"", "\"", "two\r\nlines"],
        [""],
        ["", ""],
        ["a\nb", "\u00e4\u4e2d", "'"],
    ];

    [Fact]
    public void WriteRecord_FieldsThatNeedQuotes_AreQuoted() =>
        Assert.Equal(
            "plain,with space,\"1,5\"\r\n\"say \"\"hi\"\"\",\"\"\"\",\"two\r\nlines\"\r\n"
                + "\"\"\r\n,\r\n\"a\nb\",\u00e4\u4e2d,'\r\n",
            Write(WriteRecords)
        );

    [Fact]
    public void Write_Numbers_ReadBackAsTheSame() =>
        Assert.Equal(
            "-9223372036854775808,0.1,1E+300,x\r\n",
            Write(writer =>
            {
                writer.Write(long.MinValue);
                writer.Write(0.1);
                writer.Write(1e300);
                writer.Write("x");
                writer.EndRecord();
            })
        );

    [RequiresProgramFact("python3")]
    public void WriteRecord_AnyFields_AreReadByPython()
    {
        const string Script =
            "import csv, io, json, sys; print(json.dumps(list(csv.reader(io.StringIO(sys.stdin."
            + "buffer.read().decode(), newline='')))))";

        string json = OtherProgram.Run("python3", Encoding.UTF8.GetBytes(Write(WriteRecords)), "-c", Script);

        Assert.Equal(s_records, System.Text.Json.JsonSerializer.Deserialize<string[][]>(json));
    }

    [Fact]
    public void WriteRecord_ManyRecords_GoOutBeforeTheEnd()
    {
        using MemoryStream output = new();
        CsvWriter writer = new(output);
        for (int i = 0; i < 20_000; i++)
            writer.WriteRecord("some", "fields");

        Assert.InRange(output.Length, 150_000, long.MaxValue);
    }

    private static void WriteRecords(CsvWriter writer)
    {
        foreach (string[] record in s_records)
            writer.WriteRecord(record);
    }

    private static string Write(Action<CsvWriter> write)
    {
        using MemoryStream output = new();
        CsvWriter writer = new(output);
        write(writer);
        writer.Flush();
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
