using System.Buffers.Binary;
using Osprey.Symbols.Types;
using Osprey.Target;

namespace Osprey.Values.Expressions;

/// <content>
/// Objects around their members, lists and trees that are linked by members, and copies that CPUs have.
/// </content>
internal sealed partial class Evaluator
{
    private const ulong MaxBytes = 16 << 20;

    private Value FindContainer(Node.ContainerOf node) =>
        space.FromPointer(node.Type, unchecked(ReadAddress(node.Part) - node.Offset));

    private Value ReadLinks(Node.Walk node)
    {
        List<ulong> links = new LinkWalk(space.Memory).Read(node.Kind, FindHead(node.Head), node.Position);
        return MakeArray(node, node.Type, [.. links.Select(link => unchecked(link - node.Offset))], node.Part);
    }

    private Value ReadPointers(Node.Pointers node)
    {
        ulong tree = FindHead(node.Tree);
        return MakeArray(node, node.Type, Ask(node, words => words.ListPointers(node.Kind, tree)), node.Part);
    }

    private Value FindCopies(Node.PerCpu node)
    {
        Value variable = Evaluate(node.Variable);
        IReadOnlyList<(int Cpu, Value Value)> copies = Ask(node, words => words.FindCopies(variable));
        if (node.Cpu is { } operand)
        {
            if (!Evaluate(operand).TryGetInt64(out long wanted))
                throw new ExpressionException("The number of a CPU is expected.", operand.Position);

            foreach ((int cpu, Value value) in copies)
            {
                if (cpu == wanted)
                    return value;
            }

            throw new ExpressionException($"There is no CPU {wanted}.", operand.Position);
        }

        return copies is [(_, { Type: { } type }), ..]
            ? MakeArray(node, type, [.. copies.Select(copy => copy.Value.Address ?? 0)], (0, type))
            : throw new ExpressionException("There are no copies.", node.Position);
    }

    /// <summary>Finds the address of a head, given as the head itself or a pointer to it.</summary>
    private ulong FindHead(Node node)
    {
        Value head = Follow(node);
        ulong? place = head.Type.IsScalar ? ReadAddress(node) : head.Address;
        return place ?? throw new ExpressionException("A list or tree in memory is expected.", node.Position);
    }

    private T Ask<T>(Node node, Func<ISystemWords, T> ask)
    {
        try
        {
            return ask(space.SystemWords!); // else there are no such words
        }
        catch (TargetException exception)
        {
            throw new ExpressionException($"{exception.Message}.", node.Position);
        }
    }

    /// <summary>Makes an array of pointers to elements, or of a part of each.</summary>
    private Value MakeArray(
        Node node,
        DebugType type,
        IReadOnlyList<ulong> elements,
        (ulong Offset, DebugType Type)? part
    )
    {
        DebugType element = part?.Type ?? BuiltinTypes.PointerTo(type);
        ulong size = space.GetSize(element) ?? 0;
        if (size is 0 or > MaxBytes || size * (ulong)elements.Count > MaxBytes)
            throw new ExpressionException(
                $"The size of {TypeNames.Spell(element)} is not known, or its values are too many.",
                node.Position
            );

        byte[] bytes = new byte[size * (ulong)elements.Count];
        for (int i = 0; i < elements.Count; i++)
        {
            Span<byte> place = bytes.AsSpan(i * (int)size, (int)size);
            if (part is not { } member)
                BinaryPrimitives.WriteUInt64LittleEndian(place, elements[i]);
            else if (space.Memory.Read(unchecked(elements[i] + member.Offset), place) != place.Length)
                throw new ExpressionException($"The element at 0x{elements[i]:x} can't be read.", node.Position);
        }

        // No elements are an answer too: an array of none.
        return space.FromBytes(BuiltinTypes.ArrayOf(element, (ulong)elements.Count), bytes);
    }
}
