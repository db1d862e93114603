using Osprey.Cli.Rendering.Answers;
using Osprey.Session.Answers;
using Osprey.Traces.Text;

namespace Osprey.Tests.Cli.Rendering.Answers;

public class ShapeTests
{
    [Fact]
    public void Records_OfTheirOwnShape_AreNested()
    {
        var tree = new Node("root", [new Node("left", []), new Node("right", [new Node("leaf", [])])]);
        Assert.Equal(
            """{"name":"root","children":[{"name":"left"},{"name":"right","children":[{"name":"leaf"}]}]}""" + "\n",
            Line(Node.Shape, tree)
        );
    }

    [Fact]
    public void Rows_ThatAreViewsOfABuffer_ArePushedAndIncluded()
    {
        Shape<View> part = new Shape<View>("views").Utf8("text", view => view.Bytes).Integer("size", view => view.Size);
        Shape<byte[]> shape = new Shape<byte[]>("buffers").Pushed<View>(
            "views",
            (bytes, push) =>
            {
                for (int i = 1; i <= bytes.Length; i++)
                    push(new View(bytes.AsSpan(0, i)));
            },
            () => part
        );
        Assert.Equal(
            """{"views":[{"text":"a","size":1},{"text":"ab","size":2}]}""" + "\n",
            Line(shape, [(byte)'a', (byte)'b'])
        );
        Shape<View> outer = new Shape<View>("outer")
            .Include(view => new View(view.Bytes[1..]), part)
            .Integer("whole", view => view.Size);
        var text = new Utf8Builder();
        new JsonLines().Append(text, outer, new View("xyz"u8));
        Assert.Equal("""{"text":"yz","size":2,"whole":3}""" + "\n", text.ToString());
    }

    [Fact]
    public void Lines_OfOneWriter_StandAlone()
    {
        var lines = new JsonLines();
        var text = new Utf8Builder();
        Shape<int> shape = new Shape<int>("numbers").Integer("n", n => n);
        lines.Append(text, shape, 1);
        lines.Append(text, shape, 2);
        Assert.Equal("{\"n\":1}\n{\"n\":2}\n", text.ToString());
    }

    [Fact]
    public void Columns_OfAnIncludedPart_KeepWhatTheyAre()
    {
        Shape<int> part = new Shape<int>("parts")
            .Size("howLarge", _ => null)
            .Optional()
            .WithBlank("none")
            .In("B")
            .OnlyInData();
        Column column = Assert.Single(new Shape<int>("rows").Include(row => row, part).Columns);
        Assert.Equal(
            ("howLarge", ColumnKind.Size, "HOW LARGE", "B", ColumnUse.Data, true, "none"),
            (column.Name, column.Kind, column.Heading, column.Unit, column.Use, column.IsOptional, column.Blank)
        );
    }

    private static string Line<TRow>(Shape<TRow> shape, TRow row)
    {
        var text = new Utf8Builder();
        new JsonLines().Append(text, shape, row);
        return text.ToString();
    }

    private readonly ref struct View(ReadOnlySpan<byte> bytes)
    {
        public ReadOnlySpan<byte> Bytes { get; } = bytes;

        public int Size => Bytes.Length;
    }

    private sealed record Node(string Name, IReadOnlyList<Node> Children)
    {
        public static Shape<Node> Shape { get; } =
            new Shape<Node>("nodes")
                .Text("name", node => node.Name)
                .Records("children", node => node.Children.Count == 0 ? null : node.Children, () => Shape!)
                .Optional();
    }
}
