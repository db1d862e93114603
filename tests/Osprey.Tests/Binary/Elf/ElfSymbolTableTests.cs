using System.Buffers.Binary;
using System.Text;
using Osprey.Binary.Elf.Symbols;

namespace Osprey.Tests.Binary.Elf;

public sealed class ElfSymbolTableTests
{
    /// <summary>
    /// Tables whose names begin anywhere in the strings, as linkers share ends of names, also beyond them, and strings
    /// without an end: what each symbol's own name says.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FindContaining_RandomTables_IsWhatEachNameSays(bool bigEndian)
    {
        var random = new Random(7);
        for (int round = 0; round < 2000; round++)
        {
            byte[] names = new byte[random.Next(40)];
            for (int i = 0; i < names.Length; i++)
                names[i] = "\0\0abc"u8[random.Next(5)];
            byte[] entries = new byte[(1 + random.Next(30)) * ElfSymbolTable.EntrySize];
            for (int start = 0; start < entries.Length; start += ElfSymbolTable.EntrySize)
            {
                uint name = random.Next(20) == 0 ? uint.MaxValue : (uint)random.Next(names.Length + 3);
                Span<byte> place = entries.AsSpan(start);
                if (bigEndian)
                    BinaryPrimitives.WriteUInt32BigEndian(place, name);
                else
                    BinaryPrimitives.WriteUInt32LittleEndian(place, name);
                place[6] = place[7] = (byte)random.Next(2); // the section, in either order
                place[8] = (byte)random.Next(3); // the value
            }

            var table = new ElfSymbolTable(".symtab", entries, names, bigEndian);
            foreach (string text in new[] { "", "a", "ab", "bca", "ccc", "aa" })
            {
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                int[] rows = [.. Enumerable.Range(1, table.Count - 1)];
                Assert.Equal(
                    rows.Where(row => NameOf(table, row).Contains(text, StringComparison.Ordinal)),
                    table.FindContaining(bytes)
                );

                ElfSymbol[] named =
                [
                    .. rows.Select(row => table[row])
                        .Where(symbol => symbol.SectionIndex != 0 && NameOf(table, symbol) == text),
                ];
                Assert.Equal(named.Length == 0 ? null : named[0], table.Find(text));
                bool isOnly = named.Length > 0 && named.All(symbol => symbol.LinkAddress == named[0].LinkAddress);
                Assert.Equal(isOnly ? named[0].LinkAddress : null, table.FindOnly(text)?.LinkAddress);
            }
        }
    }

    private static string NameOf(ElfSymbolTable table, int row) => NameOf(table, table[row]);

    private static string NameOf(ElfSymbolTable table, ElfSymbol symbol) => table.GetName(symbol.NameOffset);
}
