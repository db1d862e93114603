using Osprey.Symbols.Types;

namespace Osprey.Values.Expressions;

/// <content>
/// Words of C programs that make up for missing containers: <c>offsetof</c>, <c>container_of</c>, and walks through
/// lists and trees whose links are members of their elements.
/// </content>
/// <remarks>
/// A name that the program itself has hides the word. <c>list_of(head, type, member)</c> gives an array of pointers to
/// the elements; with a fourth operand, a member's path, it gives an array of that member's values. What only the
/// guest's system can answer, <c>per_cpu</c>, <c>xarray_of</c> and <c>maple_of</c>, is known where that is.
/// </remarks>
internal sealed partial class Parser
{
    /// <summary>Takes such a word with its operands; null, and takes nothing, when none begins here.</summary>
    private Node? TryParseWalk()
    {
        Token word = Current;
        if (
            word.Kind != TokenKind.Identifier
            || !_tokens[_index + 1].Is("(")
            || !IsWalk(word.Text)
            || _names.FindValue(word.Text) is not null
        )
            return null;

        _index += 2;
        if (word.Text == "per_cpu")
            return ParsePerCpu(word.Position);

        Node? start = null;
        if (word.Text != "offsetof")
        {
            start = ParseConditional();
            Expect(",");
        }

        DebugType type = UnwrapVoid(ParseTypeName() ?? throw Unexpected()) ?? throw Unexpected();
        if (FindTree(word.Text) is { } tree)
        {
            (ulong Offset, DebugType Type)? pointed = TryTake(",") ? ParsePath(type) : null;
            Expect(")");
            return new Node.Pointers(word.Position, tree, start!, type, pointed);
        }

        Expect(",");
        LinkKind? kind = FindLinks(word.Text);
        (ulong offset, _) = ParsePath(type);
        (ulong Offset, DebugType Type)? part = null;
        if (kind is not null && TryTake(","))
            part = ParsePath(type);

        Expect(")");
        return start is null ? MakeNumber(word.Position, BuiltinTypes.UnsignedLong, offset)
            : kind is { } links ? new Node.Walk(word.Position, links, start, type, offset, part)
            : new Node.ContainerOf(word.Position, type, offset, start);
    }

    private bool IsWalk(string word) =>
        word is "offsetof" or "container_of"
        || FindLinks(word) is not null
        || (_names.Space.SystemWords is not null && (word == "per_cpu" || FindTree(word) is not null));

    private static LinkKind? FindLinks(string word) =>
        word switch
        {
            "list_of" => LinkKind.List,
            "hlist_of" => LinkKind.HashList,
            "rbtree_of" => LinkKind.Tree,
            _ => null,
        };

    private static PointerTreeKind? FindTree(string word) =>
        word switch
        {
            "xarray_of" => PointerTreeKind.XArray,
            "maple_of" => PointerTreeKind.MapleTree,
            _ => null,
        };

    /// <summary>Takes a variable and the number of a CPU, which may be left out.</summary>
    private Node.PerCpu ParsePerCpu(int position)
    {
        // Here alone, a name stands for the copies, and not for the place that the symbol tells.
        bool isInner = _isPerCpu;
        _isPerCpu = true;
        Node variable = ParseConditional();
        _isPerCpu = isInner;
        Node? cpu = TryTake(",") ? ParseConditional() : null;
        Expect(")");
        return new Node.PerCpu(position, variable, cpu);
    }

    /// <summary>Takes the names that lead from a struct to a member of it, at whatever depth.</summary>
    private (ulong Offset, DebugType Type) ParsePath(DebugType type)
    {
        Value place = _names.Space.At(type, 0);
        do
        {
            Token name = Current;
            if (name.Kind != TokenKind.Identifier)
                throw Unexpected();

            _index++;
            place =
                place.Member(name.Text)
                ?? throw new ExpressionException(
                    $"There is no member named {name.Text}.{NameResolver.Suggest(name.Text, place.GetMemberNames())}",
                    name.Position
                );
            while (TryTake("["))
            {
                Token number = Take();
                if (number.Kind != TokenKind.Number || number.Integer > int.MaxValue)
                    throw new ExpressionException("The position of an element is expected.", number.Position);

                place = place.Index((long)number.Integer) ?? throw Unexpected();
                Expect("]");
            }
        } while (TryTake("."));

        return place.Address is { } offset && place.Type is { } found && place.Bits is null
            ? (offset, found)
            : throw new ExpressionException("A bit field has no offset.", Current.Position);
    }
}
