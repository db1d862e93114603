using System.Globalization;
using System.Text;

namespace Osprey.Rsp.Packets;

/// <summary>
/// The packets <c>Z type,address,kind</c> and <c>z type,address,kind</c>: insert and remove a breakpoint.
/// </summary>
/// <param name="Type">The type.</param>
/// <param name="Address">The address, as the program has it.</param>
/// <param name="Kind">For a watchpoint how many bytes are watched, else a number of the architecture.</param>
public readonly record struct BreakpointRequest(StubBreakpointType Type, ulong Address, int Kind)
{
    /// <summary>Makes the body of the packet that inserts it.</summary>
    internal byte[] ToInsert() => Write('Z');

    /// <summary>Makes the body of the packet that removes it.</summary>
    internal byte[] ToRemove() => Write('z');

    private byte[] Write(char packet) =>
        Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{packet}{(int)Type},{Address:x},{Kind:x}")
        );
}
