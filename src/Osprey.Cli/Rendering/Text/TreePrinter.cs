using Osprey.Cli.Rendering.Streams;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Draws a tree with branches.</summary>
/// <typeparam name="T">The nodes.</typeparam>
/// <param name="output">Where to.</param>
/// <param name="label">
/// Writes a node's label to the output, several lines perhaps; a line break calls the given action.
/// </param>
/// <param name="children">The children to draw, in the order to draw them.</param>
internal sealed class TreePrinter<T>(
    Output output,
    Action<T, Utf8Builder, Action> label,
    Func<T, IReadOnlyList<T>> children
)
{
    private readonly List<bool> _isLast = [];

    /// <summary>Draws the tree below and with <paramref name="root"/>.</summary>
    public void Print(T root) => PrintNode(root);

    private void PrintNode(T node)
    {
        Utf8Builder text = output.Text;
        int depth = _isLast.Count;
        if (depth > 0)
        {
            AppendStems(text, depth - 1);
            text.Append(_isLast[^1] ? @" \-- "u8 : " |-- "u8);
        }

        label(
            node,
            text,
            () =>
            {
                text.Append((byte)'\n');
                AppendStems(text, depth);
            }
        );
        text.Append((byte)'\n');
        output.FlushIfLarge();

        IReadOnlyList<T> below = children(node);
        for (int i = 0; i < below.Count; i++)
        {
            _isLast.Add(i == below.Count - 1);
            PrintNode(below[i]);
            _isLast.RemoveAt(_isLast.Count - 1);
        }

        if (depth > 0 && !_isLast[^1])
        {
            AppendStems(text, depth - 1);
            text.Append(" |   \n"u8);
        }
    }

    private void AppendStems(Utf8Builder text, int depth)
    {
        for (int i = 0; i < depth; i++)
            text.Append(_isLast[i] ? "     "u8 : " |   "u8);
    }
}
