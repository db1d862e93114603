using System.Buffers.Binary;
using Osprey.Symbols.Types;

namespace Osprey.Values.Expressions;

/// <content>Objects around their members, and lists and trees that are linked by members.</content>
internal sealed partial class Evaluator
{
    private const ulong MaxBytes = 16 << 20;

    private Value FindContainer(Node.ContainerOf node) =>
        space.FromPointer(node.Type, unchecked(ReadAddress(node.Part) - node.Offset));

    private Value ReadLinks(Node.Walk node)
    {
        Value head = Follow(node.Head);
        ulong? place = head.Type.IsScalar ? ReadAddress(node.Head) : head.Address;
        if (place is not { } address)
            throw new ExpressionException("A list or tree in memory is expected.", node.Head.Position);

        List<ulong> links = new LinkWalk(space.Memory).Read(node.Kind, address, node.Position);
        if (links.Count == 0)
            throw new ExpressionException("There are no elements.", node.Position);

        DebugType element = node.Part?.Type ?? BuiltinTypes.PointerTo(node.Type);
        ulong size = space.GetSize(element) ?? 0;
        if (size is 0 or > MaxBytes || size * (ulong)links.Count > MaxBytes)
            throw new ExpressionException(
                $"The size of {TypeNames.Spell(element)} is not known, or its values are too many.",
                node.Position
            );

        byte[] bytes = new byte[size * (ulong)links.Count];
        for (int i = 0; i < links.Count; i++)
        {
            Span<byte> part = bytes.AsSpan(i * (int)size, (int)size);
            ulong start = unchecked(links[i] - node.Offset);
            if (node.Part is not { } member)
                BinaryPrimitives.WriteUInt64LittleEndian(part, start);
            else if (space.Memory.Read(unchecked(start + member.Offset), part) != part.Length)
                throw new ExpressionException($"The element at 0x{start:x} can't be read.", node.Position);
        }

        return space.FromBytes(BuiltinTypes.ArrayOf(element, (ulong)links.Count), bytes);
    }
}
