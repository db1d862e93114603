using Osprey.Binary.Demangling;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Binary.Demangling;

public sealed class SymbolDemanglerTests : IDisposable
{
    private const string Program = """
        use std::collections::{BTreeMap, HashMap};
        struct Sq(f64);
        trait Shape { fn area(&self) -> f64; fn map<T>(&self, f: impl Fn(f64) -> T) -> T { f(self.area()) } }
        impl Shape for Sq { #[inline(never)] fn area(&self) -> f64 { self.0 * self.0 } }
        struct Ring<T, const N: usize> { items: [T; N] }
        impl<T: Copy + Into<f64>, const N: usize> Ring<T, N> {
            #[inline(never)] fn sum(&self) -> f64 { self.items.iter().map(|x| (*x).into()).sum() }
        }
        #[inline(never)] fn pick<T: std::fmt::Debug>(t: &[T]) -> usize {
            t.iter().map(|x| format!("{:?}", x).len()).sum()
        }
        #[inline(never)] fn flag<const B: bool, const C: char, const I: i8>() -> i32 { B as i32 + C as i32 + I as i32 }
        #[inline(never)] fn call(f: &dyn for<'a> Fn(&'a str) -> &'a str, g: extern "C" fn(i32) -> i32,
            p: *const u8) -> usize {
            f("x").len() + g(1) as usize + p as usize
        }
        #[inline(never)] fn größe(t: (u8,), u: &mut [u64; 3]) -> u64 { u[0] + t.0 as u64 }
        extern "C" fn twice(x: i32) -> i32 { x * 2 }
        fn main() {
            let s: Box<dyn Shape2> = Box::new(Sq(2.0));
            let mut m = HashMap::new(); m.insert("a", vec![Some(1u8)]);
            let mut b: BTreeMap<String, Result<i32, ()>> = BTreeMap::new(); b.insert("b".into(), Ok(1));
            let sum = Ring::<f32, 3> { items: [1.0, 2.0, 3.0] }.sum();
            println!("{} {} {:?} {:?} {} {}", s.area2(), pick(&[1, 2]), m, b, sum, flag::<true, 'x', { -3 }>());
            println!("{} {}", call(&|x| x, twice, &0), größe((1,), &mut [1, 2, 3]));
            println!("{}", Sq(1.0).map(|x| x as i64));
        }
        trait Shape2 { fn area2(&self) -> f64; }
        impl<T: Shape> Shape2 for T { #[inline(never)] fn area2(&self) -> f64 { self.area() } }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData("_RNvXCs6GmmlP4bgsG_1rNtB2_2SqNtB2_2Sh4area", "<r::Sq as r::Sh>::area")]
    [InlineData("_RINvCs6GmmlP4bgsG_1r4picklEB2_", "r::pick::<i32>")]
    [InlineData("_RNvCs1234_7mycrate3foo.llvm.123", "mycrate::foo")]
    [InlineData("_RNCNvCs1234_7mycrate3foo0B3_", "mycrate::foo::{closure#0}")]
    [InlineData("_RNvMCs1234_7mycrateINtB2_3FooKb1_Kc78_Kan3_E3bar", "<mycrate::Foo<true, 'x', -3>>::bar")]
    [InlineData("_RINvC1a1bFG_RL0_eERL0_eE", "a::b::<for<'a> fn(&'a str) -> &'a str>")]
    [InlineData("_RINvC1a1bDNtC1c1dEL_TmEAhj5_PuOyE", "a::b::<dyn c::d, (u32,), [u8; 5], *const (), *mut u64>")]
    [InlineData("_RNvC1au8gree_xna", "a::greße")]
    [InlineData("_ZN1r4pick17h999fcb8a8c56c3cbE", "r::pick")]
    [InlineData("_ZN31_$LT$r..Sq$u20$as$u20$r..Sh$GT$4area17h2e91c5350d839167E", "<r::Sq as r::Sh>::area")]
    [InlineData("_ZN1r4pick17h9999999999999999E", "r::pick::h9999999999999999")]
    [InlineData("_ZN3foo3barEv", "foo::bar()")]
    [InlineData("_R", "_R")]
    [InlineData("_Rust", "_Rust")]
    [InlineData("_RB_", "_RB_")]
    [InlineData("_RIB0_E", "_RIB0_E")]
    [InlineData("_RNvC1a1bE", "_RNvC1a1bE")]
    [InlineData("main", "main")]
    public void Demangle_Name_IsReadable(string mangled, string expected) =>
        Assert.Equal(expected, SymbolDemangler.Demangle(mangled));

    [ToolTheory("rustc", "nm")]
    [InlineData("")]
    [InlineData("-C symbol-mangling-version=v0")]
    public void Demangle_NamesOfARustProgram_AreThoseOfNm(string option)
    {
        string source = Path.Combine(_folder, "r.rs");
        string path = Path.Combine(_folder, "r");
        File.WriteAllText(source, Program);
        string[] options = option.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Tools.Run("rustc", ["-g", "-O", .. options, "-o", path, source]);
        string[] names = ReadNames("-p");
        string[] expected = ReadNames("-pC");
        int count = 0;
        for (int i = 0; i < names.Length; i++)
        {
            if (
                !names[i].StartsWith("_R", StringComparison.Ordinal)
                && !names[i].StartsWith("_ZN", StringComparison.Ordinal)
            )
                continue;

            count++;
            Assert.Equal(expected[i], SymbolDemangler.Demangle(names[i]));
        }

        Assert.True(count > 100);

        // Address, kind, name.
        string[] ReadNames(string flags) =>
            [.. Tools.Run("nm", [flags, path]).Split('\n').Select(line => line.Length > 19 ? line[19..] : "")];
    }

    [Fact]
    public void Demangle_BrokenNames_StayOrEnd()
    {
        string[] seeds =
        [
            "_RNvMCs1234_7mycrateINtB2_3FooKb1_Kc78_Kan3_E3bar",
            "_RINvC1a1bDNtC1c1dp3OutmEL_TmEAhj5_PuOyFG_UKCRL0_eERL0_eE",
            "_ZN31_$LT$r..Sq$u20$as$u20$r..Sh$GT$4area17h2e91c5350d839167E",
        ];
        var random = new Random(7);
        foreach (string seed in seeds)
        {
            for (int length = 0; length <= seed.Length; length++)
                Assert.NotNull(SymbolDemangler.Demangle(seed[..length]));

            for (int round = 0; round < 20_000; round++)
            {
                char[] name = seed.ToCharArray();
                for (int change = random.Next(1, 5); change > 0; change--)
                    name[random.Next(2, name.Length)] = (char)random.Next('$', 'z' + 1);

                Assert.True(SymbolDemangler.Demangle(new string(name)).Length <= 1 << 14);
            }
        }
    }

    [Fact]
    public void Demangle_ReferencesThatDouble_EndAtABound()
    {
        // Each tuple holds the one before it twice: the text doubles with every two references.
        string name = "_RINvC1a1bTuuE";
        for (int i = 0; i < 60; i++)
            name += "TB5_B5_E";

        Assert.StartsWith("_R", SymbolDemangler.Demangle(name + "E"), StringComparison.Ordinal);
        string deep = "_RINvC1a1b" + new string('S', 100_000) + "uE";
        Assert.Equal(deep, SymbolDemangler.Demangle(deep));
    }
}
