using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers;
using Osprey.Tests.Packets;
using Osprey.Traces.Text;

namespace Osprey.Tests.Cli.Rendering.Answers;

public class AnswerWriterTests
{
    private static readonly ToyRow[] s_rows =
    [
        new(),
        new()
        {
            Text = "plain",
            Utf8 = "bytes"u8.ToArray(),
            Integer = -7,
            Unsigned = 1 << 20,
            Number = 12.25,
            Boolean = true,
            Texts = ["a", "bc"],
            Inner = new ToyRow.ToyPart("inner", 2),
        },
        new()
        {
            Text = "a, \"b\"\n\u001b[31m\u202e",
            Utf8 = [(byte)'x', 0xff, (byte)'y'],
            Integer = long.MinValue,
            Unsigned = ulong.MaxValue,
            Number = double.NaN,
            Boolean = false,
            Texts = ["=", "\""],
            Inner = new ToyRow.ToyPart("\ud800", 0),
        },
    ];

    [Fact]
    public void Rows_OfEveryKind_AreTextJsonAndCsv() =>
        GoldenFile.Verify(
            string.Join(
                "\n",
                new[] { AnswerFormat.Text, AnswerFormat.Json, AnswerFormat.Csv }.Select(format =>
                    $"--- {format}\n{Write(format, s_rows)}"
                )
            )
        );

    [Theory]
    [InlineData("Text", "")]
    [InlineData("Json", "{\"toys\":[]}\n")]
    [InlineData(
        "Csv",
        "text,utf8,integer,unsigned,address,size,time,duration,number,share,rate,isBoolean,bytes,value,"
            + "texts,map,record.name,record.count,records,onlyData,optional\n"
    )]
    public void Rows_None_AreNoTableButAnEmptyListing(string format, string expected) =>
        Assert.Equal(expected, Write(Enum.Parse<AnswerFormat>(format), []));

    [Fact]
    public void Table_LongerThanWhatIsMeasured_IsWrittenAsItComesAndKeepsItsWidths()
    {
        Shape<int> shape = new Shape<int>("numbers")
            .Integer("n", n => n)
            .Text("text", n => $"t{n}")
            .Text("end", _ => "|");
        var text = new Utf8Builder();
        var table = new TextTableWriter(text, shape.Columns);
        for (int i = 0; i < TextTableWriter.MeasuredRows - 1; i++)
            Add(i);

        Assert.Equal(0, text.Length);
        Add(7);
        int length = text.Length;
        Add(1_000_000);
        Assert.Equal("1000000  t1000000  |\n", text.ToString()[length..]);
        Assert.StartsWith("  N  TEXT  END\n  0  t0    |\n", text.ToString(), StringComparison.Ordinal);
        table.Finish();
        Assert.Equal(length + 21, text.Length);

        void Add(int row)
        {
            shape.WriteCells(row, table);
            table.EndRow();
        }
    }

    [Fact]
    public void Listing_Cancelled_EndsBetweenTwoRows()
    {
        using var source = new CancellationTokenSource();
        using var capture = new OutputCapture();
        using var output = new Output(paged: false);
        Assert.Throws<OperationCanceledException>(() =>
            ListingWriter.Write(output, AnswerFormat.Csv, ToyRow.Shape, Rows(), cancellation: source.Token)
        );

        IEnumerable<ToyRow> Rows()
        {
            yield return s_rows[0];
            source.Cancel();
            yield return s_rows[0];
            Assert.Fail("the listing went on");
        }
    }

    private static string Write(AnswerFormat format, ToyRow[] rows)
    {
        using var capture = new OutputCapture();
        using var output = new Output(paged: false);
        Assert.Equal(rows.Length, ListingWriter.Write(output, format, ToyRow.Shape, rows));
        output.Flush();
        return System.Text.Encoding.UTF8.GetString(capture.Data.ToArray());
    }
}
