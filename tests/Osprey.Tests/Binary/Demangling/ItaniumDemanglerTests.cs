using Osprey.Binary.Demangling;

namespace Osprey.Tests.Binary.Demangling;

public sealed class ItaniumDemanglerTests
{
    [Theory]
    [InlineData("_Z3foov", "foo()")]
    [InlineData("_ZN6memory4pool4freeEPv", "memory::pool::free(void*)")]
    [InlineData("_ZN12_GLOBAL__N_14anonEi", "(anonymous namespace)::anon(int)")]
    [InlineData("_ZZ4mainENKUliE_clEi", "main::{lambda(int)#1}::operator()(int) const")]
    [InlineData(
        "_ZNSt6vectorISsSaISsEE9push_backERKSs",
        "std::vector<std::string, std::allocator<std::string> >::push_back(std::string const&)"
    )]
    [InlineData("_Z3foov.cold", "foo() [clone .cold]")]
    [InlineData("main", "main")]
    [InlineData("_Zzz", "_Zzz")]
    [InlineData("", "")]
    [InlineData("_Z3foo\0v", "_Z3foo\0v")]
    public void Demangle_Name_IsAsCxxfiltPrintsIt(string name, string expected)
    {
        Assert.True(ItaniumDemangler.IsAvailable, ItaniumDemangler.Problem);
        Assert.Equal(expected, ItaniumDemangler.Demangle(name));
        Assert.Equal(expected, ItaniumDemangler.Demangle(name));
    }

    [Fact]
    public void Demangle_HostileNames_StayAsTheyAre()
    {
        string[] names =
        [
            "_Z" + new string('P', 100_000),
            "_ZN" + string.Concat(Enumerable.Repeat("1aI", 50_000)),
            "_Z999999999999999999999f",
            "_Z3foo" + new string('S', 5_000),
        ];
        Assert.All(names, name => Assert.Equal(name, ItaniumDemangler.Demangle(name)));
    }
}
